import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLATFORM } from '../../../rehearsal/src/standin/mirror';
import { findMirrors, mirrorOf } from '../../../rehearsal/src/toolchain/mirror';
import { compareVersions } from '../../../rehearsal/src/toolchain/version';

const RANDOM = 'registry.terraform.io/hashicorp/random';

describe('mirrors of providers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mirror-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const provider = join(folder, 'terraform', 'plugins', RANDOM);
  mkdirSync(join(provider, '3.7.2', PLATFORM), { recursive: true });
  mkdirSync(join(provider, '3.10.0', 'plan9_mips'), { recursive: true });
  writeFileSync(join(provider, `terraform-provider-random_3.8.0_${PLATFORM}.zip`), '');
  const env = { XDG_DATA_DIRS: folder, XDG_DATA_HOME: join(folder, 'none') };

  it('are found where Terraform itself looks, unpacked and packed, for this platform only, newest first', async () => {
    const mirrors = await findMirrors(undefined, env);
    expect(mirrorOf(mirrors, RANDOM, '3.7.2')?.folder).toBe(join(folder, 'terraform', 'plugins'));
    expect(mirrorOf(mirrors, RANDOM, '3.7.2')?.providers.get(RANDOM)).toEqual(['3.8.0', '3.7.2']);
    expect(mirrorOf(mirrors, RANDOM, '3.10.0')).toBeUndefined();
  });

  it('are taken from the folder that the user names before any other', async () => {
    const [first] = await findMirrors(join(folder, 'terraform', 'plugins'), {});
    expect(first?.folder).toBe(join(folder, 'terraform', 'plugins'));
  });
});

describe('versions', () => {
  it.each([
    ['1.11', '1.11.0', 0],
    ['1.9.8', '1.11.0', -1],
    ['1.12.0-beta1', '1.11.0', 1],
    ['3.10', '3.9.18', 1],
  ])('compare by their numbers: %s and %s', (a, b, sign) => expect(Math.sign(compareVersions(a, b))).toBe(sign));
});
