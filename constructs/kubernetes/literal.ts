/** A text that other programs read `${…}` in: Terraform would take it for its own. */
export function literal(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, (sign) => `${sign}${sign}`);
}
