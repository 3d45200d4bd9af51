import { RegistryError } from '@cdktf-recommender/model-registry';
import { DataError } from '@cdktf-recommender/trainer';
import { typed } from '../../aws-functions/src/errors';
import { COMMANDS, openHandler } from '../../aws-functions/src/open-handler';
import { STAGES as FUNCTION_STAGES } from '../../aws-functions/src/retraining/stages';
import { RetrainingSettings, readSettings, ScoringSettings } from '../../aws-functions/src/settings';
import { RETRAINING_STAGES } from '../../constructs/aws/workflow/retraining-definition';
import { silent } from '../model-server/fixtures';

const COMMON = { FUNCTIONS_DATA_BUCKET: 'shop', FUNCTIONS_MODEL_STORE: 's3://models', FUNCTIONS_MODEL: 'test' };

test('every stage that the state machine names is a command of the image', () => {
  expect(Object.keys(FUNCTION_STAGES).toSorted()).toEqual([...RETRAINING_STAGES].toSorted());
  expect([...COMMANDS].toSorted()).toEqual(['page', 'read', 'score', ...RETRAINING_STAGES].toSorted());
});

test('settings are numbers and texts of the environment, others as they are by default', () => {
  expect(readSettings(ScoringSettings, { ...COMMON, FUNCTIONS_PART_USERS: '50', PATH: '/bin' })).toEqual({
    dataBucket: 'shop',
    modelStore: 's3://models',
    model: 'test',
    channel: 'production',
    scratch: '/tmp/recommender',
    partUsers: 50,
    reserveSeconds: 60,
    cacheMegabytes: 400,
  });
});

test('fails with every problem at once', () => {
  const environment = { FUNCTIONS_DATA_BUCKET: 'shop', FUNCTIONS_TOPIC: 'x', FUNCTIONS_TEST_DAYS: 'many' };
  expect(() => readSettings(RetrainingSettings, environment)).toThrow(
    /^the function's settings are not valid:\n {2}FUNCTIONS_TOPIC: unknown variable; there are FUNCTIONS_DATA_BUCKET, .*\n( {2}FUNCTIONS_[A-Z_]+: .*\n)+ {2}FUNCTIONS_TEST_DAYS: .*$/,
  );
});

test.each([undefined, 'toString', 'nothing'])('fails when the command is %s', async (command) => {
  await expect(openHandler(command, COMMON, silent)).rejects.toMatchObject({
    name: 'SettingsError',
    message: `there is no command ${command}; there are ${COMMANDS.join(', ')}`,
  });
});

describe('errors as a state machine sees them', () => {
  const named = (name: string, rest: object = {}) => Object.assign(new Error('so it is'), { name }, rest);
  test.each([
    ['StoreUnavailable', new RegistryError('STORE_UNAVAILABLE', 'so it is', '')],
    ['StoreUnavailable', named('SlowDown', { $metadata: { httpStatusCode: 503 } })],
    ['StoreUnavailable', named('ThrottlingException', { $retryable: {} })],
    ['StoreUnavailable', named('Error', { code: 'ECONNRESET' })],
    ['InputUnusable', new DataError('so it is')],
    ['RegistryError', new RegistryError('CORRUPT', 'so it is', '')],
    ['AccessDenied', named('AccessDenied', { $metadata: { httpStatusCode: 403 } })],
    ['TypeError', new TypeError('so it is')],
  ])('%s: %s', (name, error) => {
    expect(typed(error)).toMatchObject({ name, message: 'so it is' });
  });
});
