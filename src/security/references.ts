/** Where AWS itself describes a control: `securityHub('s3', 8)`. */
export function securityHub(service: string, control: number, anchor = service): string {
  return `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${anchor}-${control}`;
}

export const azure = (page: string) => `https://learn.microsoft.com/en-us/azure/${page}`;

export const kubernetes = (page: string) => `https://kubernetes.io/docs/${page}`;
