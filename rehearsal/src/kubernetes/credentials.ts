import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  readonly token: string;
  readonly tokens: string;
  readonly kubeconfig: string;
  readonly serviceAccountKey: string;
  /** The API server's own, which it makes. */
  readonly certificates: string;
  readonly certificate: string;
  readonly certificateKey: string;
}

/** The files that the programs of a control plane know each other by, readable by nobody else. */
export async function writeCredentials(folder: string, endpoint: string): Promise<Credentials> {
  const token = randomBytes(24).toString('hex');
  const certificates = join(folder, 'certificates');
  const files = {
    token,
    tokens: join(folder, 'tokens.csv'),
    kubeconfig: join(folder, 'kubeconfig'),
    serviceAccountKey: join(folder, 'service-accounts.pem'),
    certificates,
    certificate: join(certificates, 'apiserver.crt'),
    certificateKey: join(certificates, 'apiserver.key'),
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = { mode: 0o600 };
  await writeFile(files.serviceAccountKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), secret);
  await writeFile(files.tokens, `${token},administrator,administrator,system:masters\n`, secret);
  // JSON is YAML.
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'rehearsal', cluster: { server: endpoint, 'certificate-authority': files.certificate } }],
    users: [{ name: 'administrator', user: { token } }],
    contexts: [{ name: 'rehearsal', context: { cluster: 'rehearsal', user: 'administrator' } }],
    'current-context': 'rehearsal',
  };
  await writeFile(files.kubeconfig, JSON.stringify(kubeconfig), secret);
  return files;
}
