/** A figure that somebody publishes, with where and when it was read. */
export interface Published {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Of the data: `2023`. */
  readonly year: string;
  /** Page of whoever publishes it. */
  readonly publisher: string;
  /** Where it was read, which is another's page where the publisher's could not be. */
  readonly source: string;
  /** Month in which it was read. */
  readonly checked: string;
  /** Whether a source gives this figure for this very thing. */
  readonly confirmed: boolean;
}

const CCF = 'https://www.cloudcarbonfootprint.org/docs/methodology/';
const CCF_COEFFICIENTS =
  'https://github.com/cloud-carbon-footprint/ccf-coefficients/blob/main/output/coefficients-aws-use.csv';
const EGRID = 'https://www.epa.gov/system/files/documents/2025-06/summary_tables_rev2.pdf';
const EGRID_READ = 'https://github.com/RobarePruyn/tokenscale/blob/main/docs/sources.md';
const AMAZON = 'https://sustainability.aboutamazon.com/environment/the-cloud/asdi';
const MICROSOFT = 'https://datacenters.microsoft.com/sustainability/efficiency/';
const MICROSOFT_READ =
  'https://www.briefly.co/anchor/DevOps/story/ai-energy-and-the-new-rules-of-cloud-sustainability-competition--computer-weekly';

/** Of one unit, one year and one page. */
const from =
  (unit: string, year: string, publisher: string, source = publisher) =>
  (what: string, value: number, confirmed = true): Published => ({
    what,
    value,
    unit,
    year,
    publisher,
    source,
    checked: '2026-11',
    confirmed,
  });

const watts = from('W a vCPU', '2026', CCF, CCF_COEFFICIENTS);
const grid = from('g CO2e a kWh', '2023', EGRID, EGRID_READ);
/** eGRID gives pounds for a megawatt-hour. */
const fromPounds = (pounds: number) => Number((pounds * 0.45359237).toFixed(1));

/**
 * Watts of a vCPU that does nothing and of one that is busy, by Cloud Carbon Footprint's coefficients. For every
 * Graviton these are its figures of AMD's second EPYC; it has none for Azure's Arm processors, which get the same here, so
 * that a missing figure makes no difference between the clouds.
 */
export const WATTS = {
  graviton: [watts('Graviton2 to 4, idle', 0.4743), watts('Graviton2 to 4, busy', 1.693)],
  azureArm: [watts('Cobalt 100 and Altra, idle', 0.4743, false), watts('Cobalt 100 and Altra, busy', 1.693, false)],
  iceLake: [watts('Ice Lake, idle', 0.7668), watts('Ice Lake, busy', 3.7582)],
  sapphireRapids: [watts('Sapphire Rapids, idle', 1.0363), watts('Sapphire Rapids, busy', 4.1605)],
} as const satisfies Record<string, readonly [idle: Published, busy: Published]>;

/** A year's mean of the grid that a region is in, by where it is. */
const SRVC = grid('grid of us-east-1, eastus and eastus2 (SERC Virginia/Carolina)', fromPounds(596.3));
const NWPP = grid('grid of us-west-2 (WECC Northwest)', fromPounds(635.3));
const RFCW = grid('grid of us-east-2 (RFC West)', fromPounds(916.1));

export const GRIDS: Readonly<Record<string, Published>> = {
  'us-east-1': SRVC,
  eastus: SRVC,
  eastus2: SRVC,
  'us-west-2': NWPP,
  'us-east-2': RFCW,
};

/** What a cloud's buildings take for each kWh of its machines: means of all regions. */
export const PUE = {
  aws: from('×', '2025', AMAZON)('PUE of AWS', 1.14),
  azure: from('×', '2025', MICROSOFT, MICROSOFT_READ)('PUE of Microsoft, its fiscal year', 1.17),
} as const;

/** How busy machines are that nobody measured, by Cloud Carbon Footprint's methodology. */
export const UTILISATION = from('%', '2020', CCF)('use of a vCPU', 50);

export const PUBLISHED: readonly Published[] = [
  ...Object.values(WATTS).flat(),
  UTILISATION,
  ...Object.values(PUE),
  ...new Set(Object.values(GRIDS)),
];
