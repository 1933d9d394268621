namespace Provost.Stores.ClickHouse.Http;

/// <summary>The HTTP status that ClickHouse gives an error code (its exceptionCodeToHTTPStatus).</summary>
internal static class ErrorStatus
{
    public static int Of(int code) => code switch
    {
        // REQUIRED_PASSWORD
        194 => StatusCodes.Status401Unauthorized,
        // UNKNOWN_USER, WRONG_PASSWORD, AUTHENTICATION_FAILED, SET_NON_GRANTED_ROLE, ACCESS_DENIED
        192 or 193 or 516 or 512 or 497 => StatusCodes.Status403Forbidden,
        // What cannot be parsed: text 6, escape 25, quoted 26, assertion 27, date 38, datetime 41, number 72, domain 441,
        // IPv4 675, IPv6 676, UUID 376; BAD_ARGUMENTS 36, CANNOT_COMPILE_REGEXP 427, DUPLICATE_COLUMN 15, ILLEGAL_COLUMN 44,
        // THERE_IS_NO_COLUMN 8, UNKNOWN_ELEMENT_IN_AST 56, UNKNOWN_TYPE_OF_AST_NODE 54, TOO_DEEP_AST 167, TOO_BIG_AST 168,
        // UNEXPECTED_AST_STRUCTURE 223, SYNTAX_ERROR 62, INCORRECT_DATA 117, TYPE_MISMATCH 53, VALUE_IS_OUT_OF_RANGE 321
        6 or 25 or 26 or 27 or 38 or 41 or 72 or 441 or 675 or 676 or 376 or 36 or 427 or 15 or 44 or 8 or 56 or 54 or 167 or 168
            or 223 or 62 or 117 or 53 or 321 => StatusCodes.Status400BadRequest,
        // Unknown: table 60, function 46, identifier 47, type 50, storage 56, database 81, setting 115, direction of sorting 108,
        // aggregate function 63, format 73, database engine 336, type of query 78, role 511
        60 or 46 or 47 or 50 or 81 or 115 or 108 or 63 or 73 or 336 or 78 or 511 => StatusCodes.Status404NotFound,
        // QUERY_IS_TOO_LARGE
        109 => StatusCodes.Status413PayloadTooLarge,
        // NOT_IMPLEMENTED
        48 => StatusCodes.Status501NotImplemented,
        // SOCKET_TIMEOUT, CANNOT_OPEN_FILE, CANNOT_SCHEDULE_TASK
        209 or 76 or 439 => StatusCodes.Status503ServiceUnavailable,
        // HTTP_LENGTH_REQUIRED
        381 => StatusCodes.Status411LengthRequired,
        // TIMEOUT_EXCEEDED
        159 => StatusCodes.Status408RequestTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
