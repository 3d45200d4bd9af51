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
    'cost-center': 'recommender',
    'managed-by': 'cdktf-recommender',
  });
});

test('whose budget pays is the project, or who the config names', () => {
  const tags = { project: 'recommender', environment: 'dev', owner: 'shop' };
  expect(standardTags(tags)['cost-center']).toBe('recommender');
  expect(standardTags({ ...tags, costCenter: 'CC-4711' })).toMatchObject({
    project: 'recommender',
    'cost-center': 'CC-4711',
  });
});

test("a resource's own tag wins over the standard one", () => {
  expect(tags('own')).toEqual({
    project: 'recommender',
    environment: 'dev',
    owner: 'search',
    purpose: 'test',
    'cost-center': 'recommender',
    'managed-by': 'cdktf-recommender',
  });
});

test('a resource that takes no tags gets none', () => {
  expect(synthesized().resource('azurerm_role_assignment')).not.toHaveProperty('tags');
});
