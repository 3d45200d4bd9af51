import { REGION } from './area';

/** AWS' Query API on an emulated AWS, which takes service and region from the credential: a form in, XML out. */
export async function query(
  endpoint: string,
  service: string,
  Version: string,
  Action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const scope = `rehearsal/20260101/${REGION}/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action, Version, ...parameters }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`${Action} answered ${response.status}: ${body}`);
  return body;
}

/** What all elements of a name hold. */
export function texts(xml: string, element: string): string[] {
  const found = [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))];
  return found.map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
}
