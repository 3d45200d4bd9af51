import { Fn } from 'cdktf';

/** One statement of an IAM policy, as IAM spells it. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: '*' | Record<string, string | readonly string[]>;
  readonly Condition?: Record<string, Record<string, string | readonly string[]>>;
}

/**
 * The JSON of an IAM policy, encoded by Terraform: in `cdktf synth --hcl` a JSON string with references in it comes out
 * with its quotes unescaped.
 */
export function policyDocument(...statements: readonly PolicyStatement[]): string {
  return Fn.jsonencode({ Version: '2012-10-17', Statement: statements });
}

/** A role's trust in a service of AWS, e.g. `serviceTrust('eks.amazonaws.com')`. */
export function serviceTrust(service: string): string {
  return policyDocument({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } });
}

/** Something that permissions can be given to. */
export interface IGrantee {
  /**
   * Adds an inline policy to the role behind it.
   *
   * @param name unique for the grantee; names the policy in IAM
   */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void;
}
