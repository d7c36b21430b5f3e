/** Models: the contract, the families that Noether ships, and how data feeds them. */
export { bindInputs, type InputBinding } from './binding.ts';
export type { FamilyDescription, OptionDescription, Options, OptionValue } from './description.ts';
export type { DeviceWeights } from './device-weights.ts';
export { families } from './families.ts';
export type { Model } from './model.ts';
export { type FamilyRequest, openFamily } from './open.ts';
export type { Forward, Trainable } from './trainable.ts';
