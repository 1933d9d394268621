namespace Provost.Hosting.Listening;

/// <summary>A socket could not be opened.</summary>
internal sealed class ListeningError(string message, Exception? cause = null) : Exception(message, cause);
