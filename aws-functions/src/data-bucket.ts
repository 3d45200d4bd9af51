import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Where a retraining's stages hand on their files, and a batch scoring its answers: one bucket, by prefixes. */
export class DataBucket {
  constructor(
    private readonly client: S3Client,
    readonly bucket: string,
  ) {}

  /** The keys below a prefix, sorted. */
  async keys(prefix: string): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key } of page.Contents ?? []) if (Key) found.push(Key);
      token = page.NextContinuationToken;
    } while (token);
    return found.sort();
  }

  /** An object's tag, by which a later read makes sure that it is the same one. */
  async etag(key: string): Promise<string> {
    const { ETag = '' } = await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
    return ETag;
  }

  async get(key: string): Promise<Buffer> {
    return buffer(await this.stream(key));
  }

  async json<T>(key: string): Promise<T> {
    return JSON.parse((await this.get(key)).toString('utf8')) as T;
  }

  /**
   * @param from the first byte
   * @param etag the read fails when the object is another one
   */
  async stream(key: string, { from = 0, etag }: { from?: number; etag?: string } = {}): Promise<Readable> {
    const range = from > 0 ? { Range: `bytes=${from}-` } : {};
    const answer = await this.client.send(
      new GetObjectCommand({ Bucket: this.bucket, Key: key, IfMatch: etag, ...range }),
    );
    return answer.Body as Readable;
  }

  /** Writes an object to the disk as it comes. */
  async download(key: string, path: string): Promise<void> {
    await pipeline(await this.stream(key), createWriteStream(path));
  }

  async upload(path: string, key: string): Promise<void> {
    const { size } = await stat(path);
    await this.send(key, createReadStream(path), size);
  }

  async put(key: string, body: Buffer | string): Promise<void> {
    await this.send(key, Buffer.from(body));
  }

  async putJson(key: string, value: unknown): Promise<void> {
    await this.put(key, `${JSON.stringify(value, null, 2)}\n`);
  }

  async copy(from: string, to: string): Promise<void> {
    const source = `${this.bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
    await this.client.send(new CopyObjectCommand({ Bucket: this.bucket, Key: to, CopySource: source }));
  }

  private async send(key: string, body: Buffer | Readable, length?: number): Promise<void> {
    const object = { Bucket: this.bucket, Key: key, Body: body, ContentLength: length };
    await this.client.send(new PutObjectCommand(object));
  }
}
