export { groupBy } from '@sonde/model';
