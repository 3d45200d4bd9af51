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
  new Option('--users <folder>', "folder of the customers' histories")
    .env('RECOMMENDER_USERS')
    .default('.recommender/users');

export const channelOption = () =>
  new Option('--channel <name>', 'channel that servers follow').env('RECOMMENDER_CHANNEL').default('production');

function day(text: string): string {
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
