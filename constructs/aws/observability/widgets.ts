import type { CloudWatchMetric } from './metric-source';

/** Columns of a dashboard. */
const COLUMNS = 24;

/** One metric with the statistic that is drawn. */
export interface WidgetMetric {
  readonly metric: CloudWatchMetric;
  /** `Sum`, `Average`, `p99` … */
  readonly stat: string;
  readonly label: string;
}

export interface GraphWidgetProps {
  readonly title: string;
  readonly metrics: readonly WidgetMetric[];
  /** Drawn across it, in the metrics' unit. @default - none */
  readonly limit?: { readonly label: string; readonly value: number };
}

/** A part of a dashboard, of so many of its 24 columns. */
export class DashboardWidget {
  /** Lines over time. */
  static graph({ title, metrics, limit }: GraphWidgetProps): DashboardWidget {
    return new DashboardWidget(12, 6, (region) => ({
      type: 'metric',
      properties: {
        title,
        region,
        view: 'timeSeries',
        period: 60,
        metrics: metrics.map(({ metric, stat, label }) => [
          metric.namespace,
          metric.metricName,
          ...Object.entries(metric.dimensions).flat(),
          { stat, label },
        ]),
        ...(limit && { annotations: { horizontal: [limit] } }),
      },
    }));
  }

  /** States of alarms. */
  static alarms(title: string, alarmArns: readonly string[]): DashboardWidget {
    return new DashboardWidget(COLUMNS, 3, () => ({ type: 'alarm', properties: { title, alarms: [...alarmArns] } }));
  }

  /** Markdown. */
  static text(markdown: string): DashboardWidget {
    return new DashboardWidget(COLUMNS, 2, () => ({ type: 'text', properties: { markdown } }));
  }

  private constructor(
    readonly width: number,
    readonly height: number,
    private readonly body: (region: string) => object,
  ) {}

  at(x: number, y: number, region: string): object {
    return { x, y, width: this.width, height: this.height, ...this.body(region) };
  }
}

/** Widgets from left to right and from top to bottom, as a dashboard's body has them. */
export function dashboardBody(widgets: readonly DashboardWidget[], region: string): { widgets: object[] } {
  let [x, y, rowHeight] = [0, 0, 0];
  const placed = widgets.map((widget) => {
    if (x + widget.width > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const at = widget.at(x, y, region);
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return at;
  });
  return { widgets: placed };
}
