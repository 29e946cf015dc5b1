export { startShop, type Shop, type ShopOptions, type ShopStatus } from './shop.ts';
export type { SwitchName } from './base/messages.ts';
