import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudfrontFunction } from '@cdktf/provider-aws/lib/cloudfront-function';
import { CloudfrontKeyValueStore } from '@cdktf/provider-aws/lib/cloudfront-key-value-store';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IGrantee } from '../policy-document';

export interface EdgeModelsProps {
  /** Name of the store and of the function: 1 to 64 letters, digits and hyphens. */
  readonly modelsName: string;
  /**
   * The customer that visitors without an account ask as, at `/v1/users/<visitor>/recommendations`: letters, digits and
   * hyphens. Nothing may be recorded of it, or the server would know it, and answer otherwise than the edge. The same as
   * of the pack.
   * @default 'visitor'
   */
  readonly visitor?: string;
}

/** From the sources, which tests run, and from `dist`. */
const FUNCTION = ['../../..', '../../../..']
  .map((root) => join(__dirname, root, 'edge-functions/recommendations.mjs'))
  .find((file) => existsSync(file)) as string;

/**
 * Answers of a model at the edge: popular items, and what is like the most popular ones, from a store that a promotion
 * fills (`recommender model edge-push`). What the store doesn't hold goes on to the origin; while it is empty, everything.
 *
 * Whoever asks is answered, without a token: what the store holds is no secret and about nobody.
 */
export class EdgeModels extends Construct {
  readonly store: CloudfrontKeyValueStore;
  readonly resource: CloudfrontFunction;
  readonly functionArn: string;
  /** For `recommender model edge-push --store-arn`. */
  readonly storeArn: string;
  readonly visitorPath: string;
  readonly grants = { update: (grantee: IGrantee) => this.grantUpdate(grantee) };

  constructor(scope: Construct, id: string, { modelsName, visitor = 'visitor' }: EdgeModelsProps) {
    super(scope, id);
    for (const [prop, value] of Object.entries({ modelsName, visitor })) {
      if (/^[A-Za-z0-9-]{1,64}$/.test(value)) continue;
      throw new ConfigError(`${prop} is ${value}; it must be 1 to 64 letters, digits and hyphens.`, this);
    }
    this.visitorPath = `/v1/users/${visitor}/recommendations`;
    this.store = new CloudfrontKeyValueStore(this, 'Store', {
      name: modelsName,
      comment: 'Top items of the model in use; filled by promotions',
    });
    this.storeArn = this.store.arn;
    this.resource = new CloudfrontFunction(this, 'Resource', {
      name: modelsName,
      comment: 'Answers what the store holds',
      runtime: 'cloudfront-js-2.0',
      publish: true,
      keyValueStoreAssociations: [this.storeArn],
      // A dollar or percent sign before a brace would be Terraform's.
      code: readFileSync(FUNCTION, 'utf8').replaceAll(/([$%])\{/g, '$1$1{'),
    });
    this.functionArn = this.resource.arn;
  }

  private grantUpdate(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Update`, [
      {
        Effect: 'Allow',
        Action: [
          'cloudfront-keyvaluestore:DescribeKeyValueStore',
          'cloudfront-keyvaluestore:ListKeys',
          'cloudfront-keyvaluestore:UpdateKeys',
        ],
        Resource: this.storeArn,
      },
    ]);
  }
}
