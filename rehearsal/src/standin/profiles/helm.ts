import type { Profile } from '../profile';

export const helm: Profile = {
  nestedAttributes: 'always',
  sensitive: [/^helm_release\.set_sensitive\.value$/, /^helm_release\.repository_password$/],
  forcesReplacement: [{ type: /^helm_release$/, paths: [['name'], ['namespace']] }],
  id: ({ value, hash }) => (typeof value.name === 'string' ? value.name : hash.slice(0, 20)),
};
