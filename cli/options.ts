import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

/** What all commands that print results share. */
export const jsonOption = () => new Option('--json', 'print the result as JSON');

export const storeOption = () =>
  new Option('--store <url>', 'model store: a folder, s3://bucket/prefix or az://account/container/prefix')
    .env('RECOMMENDER_STORE')
    .default('.recommender/store');

export const modelOption = () =>
  new Option('--model <name>', 'name of the model').env('RECOMMENDER_MODEL').default('online-retail');

export const dataOption = () =>
  new Option('--data <file>', 'transactions as CSV, gzipped or not').default('data/online-retail.csv.gz');

export const cutOption = () =>
  new Option('--cut <date>', 'first day of the test period, YYYY-MM-DD; before it is trained')
    .argParser(day)
    .default('2011-10-01');

export const usersOption = () =>
  new Option('--users <place>', "the customers' histories: a folder, or the URL of a Redis")
    .env('RECOMMENDER_USERS')
    .default('.recommender/users');

export const redisCaOption = () =>
  new Option('--redis-ca <file>', 'authorities that sign the certificate of rediss://, as PEM').env(
    'RECOMMENDER_REDIS_CA',
  );

export const historyDaysOption = () =>
  new Option('--history-days <number>', 'days without an event after which a Redis forgets a customer (400)')
    .env('RECOMMENDER_HISTORY_DAYS')
    .argParser(wholeNumber(1, 3650));

export const channelOption = () =>
  new Option('--channel <name>', 'channel that servers follow').env('RECOMMENDER_CHANNEL').default('production');

export const regionOption = () =>
  new Option('--region <name>', 'region of AWS, e.g. us-east-1').env('AWS_REGION').makeOptionMandatory();

/** Where a token for Prometheus is taken from: never from the command line, which others on the machine can read. */
export const PROMETHEUS_TOKEN = 'RECOMMENDER_PROMETHEUS_TOKEN';

/** A day, as YYYY-MM-DD. */
export function day(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('allowed are days of the form YYYY-MM-DD.');
}

/** A whole number within bounds. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high && text.trim() !== '') return value;
    throw new InvalidArgumentError(`allowed are whole numbers from ${low} to ${high}.`);
  };
}
