import { z } from 'zod';

const Text = z.string({ error: 'must be text' }).min(1, 'must not be empty');
const common = {
  url: z.url({ protocol: /^https?$/, error: 'must be a URL, http:// or https://' }),
  model: Text.optional(),
  version: Text.optional(),
};

/**
 * `<name>/backend.json`: which other server runs a model. `model` is its name there, by default its name here; `version`
 * is by default what that server chooses; `signature` is TensorFlow's name of what to call.
 */
export const BackendSettings = z.discriminatedUnion(
  'backend',
  [
    z.strictObject({ backend: z.literal('open-inference'), ...common }),
    z.strictObject({
      backend: z.literal('tensorflow-serving'),
      ...common,
      signature: Text.default('serving_default'),
    }),
  ],
  { error: 'must be an object whose `backend` is open-inference or tensorflow-serving' },
);
export type BackendSettings = z.infer<typeof BackendSettings>;
