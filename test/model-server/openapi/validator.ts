import Ajv2020, { type ErrorObject } from 'ajv/dist/2020';
import type { OpenApiDocument } from '../../../model-server/src/openapi/document';

/**
 * Holds values against the schemas of a document. Objects are closed, also where the document leaves them open for
 * fields to come: what a server answers, its document says.
 *
 * @returns what is wrong with a value by the schema at a path
 */
export function validatorOf(document: OpenApiDocument): (path: readonly string[], value: unknown) => ErrorObject[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed({ ...document, $id: 'document' }));
  return (path, value) => {
    const pointer = path.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
    const validate = ajv.getSchema(`document#/${pointer.join('/')}`);
    if (!validate) throw new Error(`there is no schema at ${path.join(' ')}`);
    validate(value);
    return validate.errors ?? [];
  };
}

function closed(document: object): object {
  return JSON.parse(JSON.stringify(document), (_, value) =>
    value?.type === 'object' && value.properties ? { additionalProperties: false, ...value } : value,
  );
}
