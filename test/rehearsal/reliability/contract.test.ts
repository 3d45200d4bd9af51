import { ROUTES } from '../../../bench/abuse/routes';
import { contract, OPENAPI_PATH } from '../../../bench/reliability/contract';
import { brokenBars } from './broken-bars';
import { testWith } from './can-have';
import { seed } from './seed';

// The list of routes is that of the server, so that the test begins with the document, and fails if that goes.
const isServed = ROUTES.some(({ path }) => path === OPENAPI_PATH);

(isServed ? testWith('schemathesis') : test.skip)(
  `schemathesis finds no failure of ${OPENAPI_PATH}`,
  async () => {
    expect(brokenBars(await contract({ examples: 20, seed }))).toEqual([]);
  },
  900_000,
);
