import type { Profile } from '../profile';

export const tls: Profile = {
  sensitive: [/private_key_(pem|openssh|pem_pkcs8)$/],
  forcesReplacement: [{ type: /./, paths: [['algorithm'], ['rsa_bits'], ['ecdsa_curve']] }],
};
