/** A request to the emulated AWS, as an SDK sends it as far as the emulator looks: it reads the service from the credential. */
export interface EmulatedRequest {
  readonly service: string;
  /** `AWSEvents.PutEvents`, with `body` as JSON. */
  readonly target?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends it, and answers what the service answers, parsed where it is JSON.
 *
 * @throws Error when the service refuses
 */
export async function emulatedRequest<Answer = Record<string, unknown>>(
  endpoint: string,
  { service, target, body }: EmulatedRequest,
): Promise<Answer> {
  const scope = `rehearsal/20260101/us-east-1/${service}/aws4_request`;
  const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
  const response = await fetch(endpoint, {
    method: 'POST',
    ...(target
      ? {
          headers: { ...headers, 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
          body: JSON.stringify(body),
        }
      : { headers, body: new URLSearchParams(body as Record<string, string>) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} answered ${response.status}: ${text}`);
  return (text.startsWith('{') ? JSON.parse(text) : {}) as Answer;
}
