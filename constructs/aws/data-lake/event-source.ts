/** A Kinesis data stream that Firehose reads, with the key that it is encrypted by. */
export interface KinesisEventSource {
  readonly streamArn: string;
  readonly keyArn: string;
}

/** Where the lake's events come from. */
export class LakeEventSource {
  /** Whoever has the lake's grant `ingest` puts them to Firehose. */
  static directPut(): LakeEventSource {
    return new LakeEventSource();
  }

  /** From a stream that has other readers too; who may put to it, the stream says. */
  static kinesis(source: KinesisEventSource): LakeEventSource {
    return new LakeEventSource(source);
  }

  private constructor(readonly stream?: KinesisEventSource) {}
}
