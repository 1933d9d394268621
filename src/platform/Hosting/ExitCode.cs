namespace Provost.Hosting;

/// <summary>How a service ends; the numbers are those of sysexits.h.</summary>
public enum ExitCode
{
    /// <summary>Drained and stopped as asked.</summary>
    Success = 0,

    /// <summary>An error that nobody expected; the log has it.</summary>
    Failure = 1,

    /// <summary>A socket could not be opened: the address is taken, or not of this machine.</summary>
    CannotListen = 69,

    /// <summary>Settings are missing or wrong; every problem was listed. Starting again will not help.</summary>
    Configuration = 78,
}
