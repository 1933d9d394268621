namespace Provost.Stores;

/// <summary>A store cannot start or go on: says what happened and what to do.</summary>
internal sealed class StoreError(string message, Exception? cause = null) : Exception(message, cause);
