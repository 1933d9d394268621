// Each story starts a whole platform: one after the other.
[assembly: Parallelization(Mode = ParallelizationMode.None)]
