import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const LIBRARY = dirname(require.resolve('onnxruntime-node/package.json'));

// Reports would carry the names of machines and models to the library's maker.
test.each(['trainer/dist/onnx/runtime.js', 'model-server/dist/onnxruntime.js'])(
  '%s loads the ONNX library without its telemetry',
  (module) => {
    const home = mkdtempSync(join(tmpdir(), 'telemetry-'));
    try {
      const program = `require(${JSON.stringify(join(__dirname, '..', module))}).InferenceSession.create(new Uint8Array(3))
      .catch(() => console.log(process.env.ORT_DISABLE_TELEMETRY))`;
      const { ORT_DISABLE_TELEMETRY: _, ...environment } = process.env;
      const env = { ...environment, HOME: home, XDG_CACHE_HOME: join(home, '.cache'), TMPDIR: home };
      expect(execFileSync(process.execPath, ['-e', program], { env, encoding: 'utf8' }).trim()).toBe('1');
      expect(readdirSync(home)).toEqual([]);
    } finally {
      rmSync(home, { recursive: true });
    }
  },
);

test('the library still knows the switch', () => {
  const folder = join(LIBRARY, 'bin/napi-v6', process.platform, process.arch);
  const name = readdirSync(folder).find((file) => file.startsWith('libonnxruntime.'));
  expect(readFileSync(join(folder, name as string)).includes('ORT_DISABLE_TELEMETRY')).toBe(true);
});
