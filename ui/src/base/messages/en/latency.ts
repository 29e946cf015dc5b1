export const latency = {
  count: 'Count',
  distribution: 'Distribution',
  overTime: 'Over time',
  brushHint: 'drag over durations to see their traces',
  heatmapHint: 'drag a box: its time and durations',
  traces: 'Traces',
  none: 'Nothing of this name ran in this time range.',
};
