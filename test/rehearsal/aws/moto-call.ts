/**
 * An action of a service with a JSON protocol on an emulated AWS, as an SDK sends it; fails when the answer is an error.
 *
 * @param target what the service's actions begin with: `AmazonSQS`
 */
export async function motoCall<Answer = unknown>(
  endpoint: string,
  { service, target, action }: { service: string; target: string; action: string },
  parameters: object,
): Promise<Answer> {
  const scope = `rehearsal/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${target}.${action}`,
    },
    body: JSON.stringify(parameters),
  });
  if (!response.ok) throw new Error(`${service} answered ${response.status} to ${action}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
