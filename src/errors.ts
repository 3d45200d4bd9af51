import type { IConstruct } from 'constructs';

/**
 * A mistake in what the caller declared. The message says what was wrong, what was received, what is allowed and what
 * to change; the construct's path is put in front when a scope is given.
 */
export class ConfigError extends Error {
  constructor(message: string, scope?: IConstruct) {
    super(scope?.node.path ? `${scope.node.path}: ${message}` : message);
    this.name = 'ConfigError';
  }
}
