/** Where Fluent Bit keeps on the node how far it has read, and what it could not hand on yet. */
export const FLUENT_BIT_STATE = '/var/lib/fluent-bit';
/** What waits there at most for a store that does not answer. Beyond it the oldest goes, and is counted. */
const WAITING = '512M';

/** One section of the classic configuration; `more` has keys that come more than once. */
type Section = readonly [
  name: string,
  entries: Readonly<Record<string, string>>,
  more?: readonly (readonly [key: string, value: string])[],
];

/** Name of the parser of the model server's lines, which are JSON. They keep pino's `time`, milliseconds of the epoch. */
const MODEL_SERVER_PARSER = 'model-server';
/** Keys of containerd's frame that go when its time is the record's: with pino's, `time` would be there twice. */
export const FRAME_KEYS = ['time', '_p'] as const;

/** Where records go: a section `OUTPUT`, without what holds for every store. */
export type FluentBitOutput = Readonly<Record<string, string>>;

/**
 * Values `config` of the chart. Records wait on the node's disk while the store is away, and are tried again until it
 * takes them; how far files were read is kept there too, so a restart reads on where it was.
 */
export function fluentBitConfig(output: FluentBitOutput) {
  return {
    service: text([
      'SERVICE',
      {
        Daemon: 'Off',
        Flush: '1',
        Log_Level: 'info',
        Parsers_File: '/fluent-bit/etc/conf/custom_parsers.conf',
        HTTP_Server: 'On',
        HTTP_Listen: '0.0.0.0',
        HTTP_Port: '2020',
        Health_Check: 'On',
        'storage.path': `${FLUENT_BIT_STATE}/waiting`,
        'storage.sync': 'normal',
        'storage.metrics': 'On',
        // Else the next try is up to half an hour later.
        'scheduler.cap': '60',
      },
    ]),
    inputs: text([
      'INPUT',
      {
        Name: 'tail',
        Tag: 'kube.*',
        Path: '/var/log/containers/*.log',
        // Its own complaints about a store would be more to store.
        Exclude_Path: '/var/log/containers/fluent-bit-*.log',
        'multiline.parser': 'cri',
        DB: `${FLUENT_BIT_STATE}/positions.db`,
        'storage.type': 'filesystem',
        Buffer_Max_Size: '1M',
        Skip_Long_Lines: 'On',
      },
    ]),
    filters: text(
      ['FILTER', { Name: 'record_modifier', Match: 'kube.*' }, FRAME_KEYS.map((key) => ['Remove_key', key] as const)],
      [
        'FILTER',
        {
          Name: 'kubernetes',
          Match: 'kube.*',
          Merge_Log: 'On',
          Merge_Parser: MODEL_SERVER_PARSER,
          Keep_Log: 'Off',
          Annotations: 'Off',
        },
      ],
    ),
    outputs: text([
      'OUTPUT',
      { ...output, Match: 'kube.*', Retry_Limit: 'no_limits', 'storage.total_limit_size': WAITING },
    ]),
    customParsers: text(['PARSER', { Name: MODEL_SERVER_PARSER, Format: 'json' }]),
  };
}

function text(...sections: readonly Section[]): string {
  return sections
    .map(([name, entries, more = []]) => {
      const lines = [...Object.entries(entries), ...more].map(([key, value]) => `    ${key} ${value}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}
