/** What can be said of a `benchmark` block before anything is run. */
import type { Benchmark } from '../generated/ast.ts';
import type { Report } from '../problem.ts';
import { readBenchmark } from '../read-benchmark.ts';

export function checkBenchmark(benchmark: Benchmark, report: Report): void {
  readBenchmark(benchmark, report);
  const seen = new Set<string>();
  for (const [index, model] of benchmark.models.entries()) {
    if (seen.has(model.$refText)) {
      report({
        code: 'spec/repeated-name',
        severity: 'warning',
        message: `\`${model.$refText}\` is named twice`,
        node: benchmark,
        property: 'models',
        index,
      });
    }
    seen.add(model.$refText);
  }
}
