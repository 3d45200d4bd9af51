import { fileURLToPath } from 'node:url';
import { DirectoryObjectStore } from './directory-object-store';
import { RegistryError } from './errors';
import type { ObjectStore } from './object-store';

const SCHEME = /^([a-z][a-z0-9+.-]+):/i;
/** The bucket naming rules of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const STORAGE_ACCOUNT = /^[a-z0-9]{3,24}$/;
const CONTAINER = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Opens a store by its URL: a path (`./store`), a `file:` URL, `s3://bucket/prefix` or `az://account/container/prefix`.
 * Credentials, region and endpoint of S3 come from the AWS SDK's default chain (environment, profile, pod identity);
 * the sign-in to Azure from `DefaultAzureCredential` (workload identity, managed identity, `az login`), unless
 * `AZURE_STORAGE_CONNECTION_STRING` names the account.
 *
 * Nothing is read or written, so a store that doesn't exist shows at its first use.
 *
 * @throws RegistryError `INVALID_ARGUMENT` for any other URL, or a malformed connection string
 */
export async function openObjectStore(url: string): Promise<ObjectStore> {
  const scheme = SCHEME.exec(url)?.[1]?.toLowerCase();
  if (!scheme && url) return new DirectoryObjectStore(url);
  if (scheme === 'file') return new DirectoryObjectStore(filePath(url));
  if (scheme === 's3') {
    const [bucket = '', ...prefix] = url.slice('s3://'.length).split('/');
    if (!url.startsWith('s3://') || !BUCKET.test(bucket)) throw invalid(url, 'has no valid bucket name');
    // The clients are loaded when needed: each takes 0.1 s or more, and most runs work on a directory.
    const { S3ObjectStore } = require('./s3-object-store') as typeof import('./s3-object-store');
    return S3ObjectStore.open(bucket, prefix.filter(Boolean).join('/'));
  }
  if (scheme === 'az') {
    const [account = '', container = '', ...prefix] = url.slice('az://'.length).split('/');
    if (!url.startsWith('az://') || !STORAGE_ACCOUNT.test(account)) throw invalid(url, 'has no valid account name');
    if (!CONTAINER.test(container)) throw invalid(url, 'has no valid container name');
    const { BlobObjectStore } = require('./blob-object-store') as typeof import('./blob-object-store');
    return BlobObjectStore.open(account, container, prefix.filter(Boolean).join('/'));
  }
  throw invalid(url, scheme ? `has the scheme "${scheme}:", which is not supported` : 'is empty');
}

function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw invalid(url, `is not a file on this machine (${(error as Error).message})`);
  }
}

function invalid(url: string, problem: string): RegistryError {
  return new RegistryError(
    'INVALID_ARGUMENT',
    `the store URL "${url}" ${problem}`,
    'Use a directory (./store), a file URL (file:///srv/store), s3://bucket/prefix or az://account/container/prefix.',
  );
}
