import { CustomChart, LineChart } from 'echarts/charts';
import { BrushComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { connect, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// The parts in use, nothing else: this file is the chunk that a page loads after its first paint.
use([LineChart, CustomChart, GridComponent, TooltipComponent, BrushComponent, CanvasRenderer]);

export { connect, init };
