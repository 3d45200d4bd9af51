import { DirectoryObjectStore } from '@cdktf-recommender/model-registry';
import { temporaryDirectory } from './fixtures';
import { describeObjectStore } from './object-store-contract';
import { describeModelRegistry } from './registry-contract';

let directory: string;
const store = {
  fresh: async () => {
    directory = temporaryDirectory();
  },
  open: async () => new DirectoryObjectStore(directory),
};

describe('an object store in a directory', () => describeObjectStore(store));
describe('a model registry in a directory', () => describeModelRegistry(store));
