import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Aspects } from 'cdktf';
import { standardTags, TagsAspect } from '../../src';
import { synthesizeConstructs } from '../helpers/synth';

const synthesized = () =>
  synthesizeConstructs((stack) => {
    new AzurermProvider(stack, 'Azure', { features: [{}] });
    new ResourceGroup(stack, 'Plain', { name: 'plain', location: 'eastus' });
    new ResourceGroup(stack, 'Own', { name: 'own', location: 'eastus', tags: { owner: 'search', purpose: 'test' } });
    new RoleAssignment(stack, 'Untaggable', { principalId: 'p', scope: '/', roleDefinitionName: 'Reader' });
    Aspects.of(stack).add(new TagsAspect(standardTags({ project: 'recommender', environment: 'dev', owner: 'shop' })));
  });
const tags = (name: string) =>
  Object.values(synthesized().resources('azurerm_resource_group')).find((group) => group.name === name)?.tags;

test('a resource says whose it is and what made it', () => {
  expect(tags('plain')).toEqual({
    project: 'recommender',
    environment: 'dev',
    owner: 'shop',
    'managed-by': 'cdktf-recommender',
  });
});

test("a resource's own tag wins over the standard one", () => {
  expect(tags('own')).toEqual({
    project: 'recommender',
    environment: 'dev',
    owner: 'search',
    purpose: 'test',
    'managed-by': 'cdktf-recommender',
  });
});

test('a resource that takes no tags gets none', () => {
  expect(synthesized().resource('azurerm_role_assignment')).not.toHaveProperty('tags');
});
