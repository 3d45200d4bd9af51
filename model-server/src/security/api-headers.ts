/**
 * Of every answer of the API, names and values by turns: what is said of a customer is kept by no cache, and a browser
 * neither guesses another type, nor shows it in a frame, nor runs anything in it. Of helmet's headers those that an
 * answer without a page needs (OWASP REST Security Cheat Sheet, "Security Headers"); TLS, and with it its policy, ends
 * at the gateway.
 */
export const API_HEADERS = [
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
];

/** Sets {@link API_HEADERS} where an answer is not written with them in one go. */
export function setApiHeaders(response: { setHeader(name: string, value: string): unknown }): void {
  for (let i = 0; i < API_HEADERS.length; i += 2) {
    response.setHeader(API_HEADERS[i] as string, API_HEADERS[i + 1] as string);
  }
}
