import type { MadeUp, Profile } from '../profile';

/** As many characters as asked for, each from the hash; the provider's own are random. */
function characters({ value, hash }: MadeUp): string {
  const length = typeof value.length === 'number' ? value.length : 16;
  return hash.repeat(Math.ceil(length / hash.length)).slice(0, length);
}

export const random: Profile = {
  sensitive: [/^random_password\.(result|bcrypt_hash)$/],
  forcesReplacement: [{ type: /./, paths: [['length'], ['keepers'], ['byte_length'], ['special']] }],
  values: {
    'random_password.result': characters,
    'random_string.result': characters,
    'random_password.id': () => 'none',
    'random_uuid.result': ({ hash }) => hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5'),
    'random_id.hex': ({ value, hash }) =>
      hash.slice(0, 2 * (typeof value.byte_length === 'number' ? value.byte_length : 8)),
  },
};
