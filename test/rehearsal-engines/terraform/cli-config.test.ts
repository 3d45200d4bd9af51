import { cliConfig } from '../../../rehearsal/src/terraform/cli-config';
import { providerAddress } from '../../../rehearsal/src/terraform/provider-address';
import { exactVersion } from '../../../rehearsal/src/terraform/synthesized';

const AWS = 'registry.terraform.io/hashicorp/aws';
const mirror = { folder: '/opt/mirror', providers: new Map([[AWS, ['5.100.0']]]) };

describe("Terraform's CLI configuration", () => {
  it('takes a provider from the mirror that has it, and keeps the registry for the others', () => {
    const text = cliConfig([mirror], [{ source: AWS, version: '5.100.0' }], '/downloads');
    expect(text).toContain(`filesystem_mirror {\n    path    = "/opt/mirror"\n    include = ["${AWS}"]`);
    expect(text).toContain(`direct {\n    exclude = ["${AWS}"]`);
    expect(text).not.toContain('plugin_cache_dir');
  });

  it('takes a version that no mirror has from the registry, and keeps the download', () => {
    const text = cliConfig([mirror], [{ source: AWS, version: '6.25.0' }], '/downloads');
    expect(text).not.toContain('filesystem_mirror');
    expect(text).toContain('direct {\n    exclude = []');
    expect(text).toContain('plugin_cache_dir = "/downloads"');
  });
});

describe('a provider in a configuration', () => {
  it.each([
    ['azurerm', 'registry.terraform.io/hashicorp/azurerm'],
    ['hashicorp/aws', AWS],
    ['example.com/a/b', 'example.com/a/b'],
  ])('has an address: %s is %s', (source, address) => expect(providerAddress(source)).toBe(address));

  it.each([
    ['5.100.0', '5.100.0'],
    ['= 5.100.0', '5.100.0'],
    ['~> 5.0', undefined],
    [undefined, undefined],
  ])('constrained to %j has the exact version %j', (constraint, version) =>
    expect(exactVersion(constraint)).toBe(version),
  );
});
