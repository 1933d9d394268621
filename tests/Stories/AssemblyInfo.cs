// Each story starts a whole platform: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
