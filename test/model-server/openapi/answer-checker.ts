import type { OpenApiDocument } from '../../../model-server/src/openapi/document';
import type { Operation } from '../../../model-server/src/openapi/operation';
import { validatorOf } from './validator';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface ResponseObject {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema?: object; $ref?: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

/** Names what of an answer is not as the document says: status, headers, media type, body. */
export function answerChecker(document: OpenApiDocument): (operation: Operation, answer: Answer) => unknown[] {
  const validate = validatorOf(document);
  const at = (path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
  return ({ method, path }, { status, headers, body }) => {
    let where = ['paths', path.replace(/:(\w+)/g, '{$1}'), method.toLowerCase(), 'responses', `${status}`];
    const reference = (at(where) as { $ref?: string } | undefined)?.$ref;
    if (reference) where = reference.slice(2).split('/');
    const response = at(where) as ResponseObject | undefined;
    if (!response) return [`${status} is not documented`];
    const wrong: unknown[] = [];
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      const value = headers[name.toLowerCase()];
      const schema = header.$ref ? header.$ref.slice(2).split('/') : [...where, 'headers', name];
      if (value === undefined && header.required) wrong.push(`the header ${name} is missing`);
      if (value !== undefined) wrong.push(...validate([...schema, 'schema'], value));
    }
    const type = headers['content-type']?.split(';')[0] ?? '';
    if (!response.content) return body === '' ? wrong : [...wrong, 'there is a body'];
    const media = response.content[type];
    if (!media) return [...wrong, `${type} is not documented`];
    if (media.schema) wrong.push(...validate([...where, 'content', type, 'schema'], JSON.parse(body)));
    return wrong;
  };
}
