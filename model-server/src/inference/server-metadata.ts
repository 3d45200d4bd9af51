import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };

/** What the server calls itself at `/v2` and over gRPC. */
export const SERVER_NAME = 'cdktf-recommender model server';
export const SERVER_VERSION = manifest.version;
