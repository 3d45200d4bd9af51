import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { motoPython } from '../../rehearsal/src/moto/environment';
import { run } from '../../rehearsal/src/process/run';
import { list, type Statement } from '../ops/policy-evaluation';

const FOLDER = join(__dirname, '..', '..', 'ops/policies/scp');

/** Actions that no call of an API has, or whose call has another name; by AWS' service authorization reference. */
const NOT_CALLS: Readonly<Record<string, string>> = {
  'account:CloseAccount': 'a permission of the billing console',
  's3:BypassGovernanceRetention': 'a permission beside s3:DeleteObject',
  's3:PutAccountPublicAccessBlock': 'the call is PutPublicAccessBlock of s3control',
  's3:GetAccountPublicAccessBlock': 'the call is GetPublicAccessBlock of s3control',
  's3:PutBucketPublicAccessBlock': 'the call is PutPublicAccessBlock',
  's3:ListAllMyBuckets': 'the call is ListBuckets',
  'access-analyzer:DeleteAnalyzer': "botocore's name of the service is accessanalyzer",
  'tag:GetResources': "botocore's name of the service is resourcegroupstaggingapi",
};

const SCRIPT = `
import json
from botocore.session import get_session
session = get_session()
services = set(session.get_available_services())
unknown = []
for action in json.load(sys.stdin):
    service, name = action.split(":")
    if service not in services or name not in session.get_service_model(service).operation_names:
        unknown.append(action)
print(json.dumps(unknown))
`;

test('every action that a service control policy names by itself is one of AWS', async () => {
  const statements = readdirSync(FOLDER).flatMap(
    (name): Statement[] => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')).Statement,
  );
  const actions = new Set(
    statements
      .flatMap(({ Action, NotAction }) => list(Action ?? NotAction ?? []))
      .filter((name) => !name.includes('*')),
  );
  expect(actions.size).toBeGreaterThan(30);
  const python = await motoPython(console.log);
  const script = SCRIPT.replace('json.load(sys.stdin)', `json.loads(${JSON.stringify(JSON.stringify([...actions]))})`);
  const { exitCode, output } = await run(python, ['-c', script], { timeoutSeconds: 120 });
  expect(exitCode).toBe(0);
  expect(JSON.parse(output).sort()).toEqual(Object.keys(NOT_CALLS).sort());
}, 300_000);
