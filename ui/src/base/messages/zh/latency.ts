import type { Messages } from '../en.ts';

export const latency: Messages['latency'] = {
  count: '次数',
  distribution: '分布',
  overTime: '随时间变化',
  brushHint: '拖选一段耗时以查看对应的调用链',
  heatmapHint: '拖选一个区域：时间与耗时',
  traces: '调用链',
  none: '该时间范围内没有这个名称的调用。',
};
