/** A Kinesis data stream that Firehose reads, with the key that it is encrypted by. */
export interface KinesisSource {
  readonly streamArn: string;
  readonly keyArn: string;
}

/** Where the lake's events come from. */
export class EventSource {
  /** Whoever has the lake's grant `ingest` puts them to Firehose. */
  static directPut(): EventSource {
    return new EventSource();
  }

  /** From a stream that has other readers too; who may put to it, the stream says. */
  static kinesis(source: KinesisSource): EventSource {
    return new EventSource(source);
  }

  private constructor(readonly stream?: KinesisSource) {}
}
