import type { CloudfrontDistributionRestrictionsGeoRestriction } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { ConfigError } from '../../../src';

/** Which countries a distribution serves: ISO 3166-1 codes of two capital letters. Others are answered with 403. */
export class GeoRestriction {
  /** These, and no others. */
  static only(...countries: readonly [string, ...string[]]): GeoRestriction {
    return new GeoRestriction('whitelist', countries);
  }

  /** All but these. */
  static except(...countries: readonly [string, ...string[]]): GeoRestriction {
    return new GeoRestriction('blacklist', countries);
  }

  /** As a distribution has it. */
  readonly block: CloudfrontDistributionRestrictionsGeoRestriction;

  private constructor(restrictionType: 'whitelist' | 'blacklist', countries: readonly string[]) {
    const wrong = countries.filter((country) => !/^[A-Z]{2}$/.test(country));
    if (wrong.length > 0) {
      throw new ConfigError(`geoRestriction has ${wrong.join(', ')}; a country is two capital letters, such as DE.`);
    }
    this.block = { restrictionType, locations: [...countries] };
  }
}
