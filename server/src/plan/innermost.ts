/** Through the wrappers of a model, to the one inside that has files, options and weights. */
import type { ModelPlan } from './plan.ts';

export type PlainModelPlan = Exclude<ModelPlan, { kind: 'wrapped' }>;

export function innermostPlan(plan: ModelPlan): PlainModelPlan {
  return plan.kind === 'wrapped' ? innermostPlan(plan.model) : plan;
}

/** The same wrappers around another model. */
export function withInnermost(plan: ModelPlan, change: (plan: PlainModelPlan) => PlainModelPlan): ModelPlan {
  return plan.kind === 'wrapped' ? { ...plan, model: withInnermost(plan.model, change) } : change(plan);
}
