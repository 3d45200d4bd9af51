import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerConfig } from '../../model-server/src/config';
import { configurationJsonSchema, configurationPage } from '../../model-server/src/configuration-docs';

const root = join(__dirname, '../..');

describe("the model server's configuration docs", () => {
  it('are what the schema says; `npm run docs -w model-server` writes them', () => {
    expect(readFileSync(join(root, 'docs/configuration.md'), 'utf8')).toBe(configurationPage());
    const schema = JSON.parse(readFileSync(join(root, 'model-server/server.schema.json'), 'utf8'));
    expect(schema).toEqual(configurationJsonSchema());
  });

  it('describe every setting with its variable and default', () => {
    for (const name of Object.keys(ServerConfig.shape)) {
      expect(configurationPage()).toMatch(
        new RegExp(`^\\| \`${name}\` \\| \`RECOMMENDER_[A-Z_]+\` \\| .+ \\| .+ \\| .+ \\|$`, 'm'),
      );
    }
    expect(configurationPage()).toContain('| `deadlineMs` | `RECOMMENDER_DEADLINE_MS` | 1 to 60000 | `80` |');
  });

  it('refuse unknown keys in the JSON schema too', () => {
    expect(configurationJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false });
  });
});
