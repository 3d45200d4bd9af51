import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

export interface DashboardProps {
  /** `service`: in its address and the name of its file. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Builder<Panel>[] }[];
}

/** As Grafana takes it. */
export interface Dashboard {
  readonly name: string;
  readonly json: string;
}

const TAG = 'recommender';

/** A dashboard of rows, with links to the others. Nobody edits it in Grafana: the next deploy would undo that. */
export function dashboard({ name, title, description, rows }: DashboardProps): Dashboard {
  const builder = new DashboardBuilder(`Recommender: ${title}`)
    .uid(`${TAG}-${name}`)
    .description(description)
    .tags([TAG])
    .readonly()
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .link(new DashboardLinkBuilder('').type(DashboardLinkType.Dashboards).tags([TAG]).keepTime(true));
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return { name, json: JSON.stringify(builder.build()) };
}
