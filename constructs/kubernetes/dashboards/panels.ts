import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { GRAFANA_DATA_SOURCES } from './grafana-data-sources';

/** One or more series of a panel. */
export interface Query {
  readonly expr: string;
  /** What they are called; may name labels: `{{route}}`. */
  readonly legend: string;
}

export interface PanelProps {
  readonly title: string;
  /** What it shows and what it should look like, for whoever sees it for the first time. */
  readonly description: string;
  /** One of Grafana's units. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /**
   * Where it becomes bad, in the unit.
   * @default - nowhere
   */
  readonly bad?: { readonly from: number } | { readonly below: number };
  /** @default - follows what is shown */
  readonly max?: number;
  /**
   * Parts of one whole, one upon the other.
   * @default false
   */
  readonly stacked?: boolean;
}

/** Of the 24 columns that a dashboard has. */
const GRAPH_SIZE = { height: 8, span: 8 };
const FIGURE_SIZE = { height: 4, span: 4 };
const DATA_SOURCE = { type: 'prometheus', uid: GRAFANA_DATA_SOURCES.prometheus };

/** Lines over time. */
export function graph(props: PanelProps): Builder<Panel> {
  const { title, description, unit, queries, bad, max, stacked } = props;
  const { Dashed, Off } = GraphThresholdsStyleMode;
  const panel = new TimeSeriesPanel()
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .datasource(DATA_SOURCE)
    .height(GRAPH_SIZE.height)
    .span(GRAPH_SIZE.span)
    .legend(new VizLegendOptionsBuilder().showLegend(true))
    .thresholds(thresholds(bad))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(bad ? Dashed : Off))
    .targets(queries.map((query, index) => target(query, index).range()));
  if (stacked) panel.fillOpacity(30).stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return max === undefined ? panel : panel.max(max);
}

/** A number as it is now. */
export function figure(props: PanelProps): Builder<Panel> {
  const { title, description, unit, queries, bad } = props;
  return new StatPanel()
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(DATA_SOURCE)
    .height(FIGURE_SIZE.height)
    .span(FIGURE_SIZE.span)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds(bad))
    .targets(queries.map((query, index) => target(query, index).instant()));
}

function target({ expr, legend }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(DATA_SOURCE)
    .expr(expr)
    .legendFormat(legend);
}

function thresholds(bad: PanelProps['bad']): ThresholdsConfigBuilder {
  const steps = {
    always: (color: string) => ({ value: null, color }),
    from: (value: number, color: string) => ({ value, color }),
  };
  const builder = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (!bad) return builder.steps([steps.always('green')]);
  if ('from' in bad) return builder.steps([steps.always('green'), steps.from(bad.from, 'red')]);
  return builder.steps([steps.always('red'), steps.from(bad.below, 'green')]);
}
