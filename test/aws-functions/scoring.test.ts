import { historyLines } from '../../aws-functions/src/scoring/history-lines';
import { tasksOf } from '../../aws-functions/src/scoring/scoring-task';

describe('what an event asks for', () => {
  const task = { histories: 'output/run-1/histories.jsonl', output: 'output/run-1/recommendations', limit: 20 };
  const ofS3 = (key: string, bucket = 'shop') => ({
    Records: [
      { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key } } },
    ],
  });

  test('a task of its own', () => {
    expect(tasksOf({ histories: 'input/people.jsonl', output: 'output/x', limit: 5 }, 'shop')).toEqual([
      { histories: 'input/people.jsonl', output: 'output/x', limit: 5 },
    ]);
  });

  test("the histories that a retraining left, by S3's own event", () => {
    expect(tasksOf(ofS3('output/run-1/histories.jsonl'), 'shop')).toEqual([task]);
    expect(tasksOf(ofS3('output/run%2D1/histories.jsonl'), 'shop')).toEqual([task]);
  });

  test('the same by EventBridge', () => {
    const detail = { bucket: { name: 'shop' }, object: { key: 'output/run-1/histories.jsonl' } };
    expect(tasksOf({ 'detail-type': 'Object Created', source: 'aws.s3', detail }, 'shop')).toEqual([task]);
  });

  test.each([
    ['another object', ofS3('output/run-1/report.json')],
    ['its own answers', ofS3('output/run-1/recommendations/part-00000.jsonl')],
    ['another bucket', ofS3('output/run-1/histories.jsonl', 'other')],
  ])('nothing for %s', (_, event) => {
    expect(tasksOf(event, 'shop')).toEqual([]);
  });

  test.each([[{}], [{ histories: 'x' }], [{ ...task, limit: 0 }], [{ ...task, further: 1 }]])(
    'fails on %j',
    (event) => {
      expect(() => tasksOf(event, 'shop')).toThrow(/Invalid|expected|Unrecognized|Too small/);
    },
  );
});

describe('histories in a stream', () => {
  const ANNA = '{"user":"anna","events":[{"item":"1","at":"2011-01-01T00:00:00.000Z"}]}';
  const BERT = '{"user":"bert","events":[]}';
  const read = async (text: string, pieceBytes: number) => {
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
      bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes),
    );
    const lines = [];
    for await (const line of historyLines(
      (async function* () {
        yield* pieces;
      })(),
    ))
      lines.push(line);
    return lines;
  };

  test.each([1, 7, 1000])(
    'come one by one in pieces of %i bytes, with the place where each ends',
    async (pieceBytes) => {
      expect(await read(`${ANNA}\n${BERT}\n`, pieceBytes)).toEqual([
        { customer: { user: 'anna', events: [{ item: '1', at: Date.UTC(2011, 0, 1) }] }, end: ANNA.length + 1 },
        { customer: { user: 'bert', events: [] }, end: ANNA.length + BERT.length + 2 },
      ]);
    },
  );

  test('reading goes on where a line ended', async () => {
    const text = `${ANNA}\n\n${BERT}`;
    const [first] = await read(text, 16);
    expect((await read(text.slice(first?.end), 16)).map(({ customer }) => customer?.user)).toEqual(['bert']);
  });

  test.each(['no json', '{"user":""}', '{"user":"x","events":[{"item":"1","at":"yesterday"}]}'])(
    'a line that is none is told as such: %s',
    async (line) => {
      expect(await read(`${line}\n${BERT}\n`, 100)).toEqual([
        { customer: undefined, end: line.length + 1 },
        expect.objectContaining({ customer: { user: 'bert', events: [] } }),
      ]);
    },
  );

  test('fails when a line is longer than any history', async () => {
    await expect(read('x'.repeat(1_100_000), 100_000)).rejects.toThrow(
      'after 0 bytes comes a line longer than 1000000 bytes',
    );
  });
});
